"""What a machine says, in words nobody listed, of somebody whom the reader wrote to."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import mail, read

DANA = "dana@larkspur.example"
MISSED = {MessageKind.BOUNCE, MessageKind.DELAY}
GENERATED = "Auto-Submitted: auto-generated"
REPLIED = "Auto-Submitted: auto-replied"
PORTER = "The Mail Porter <porter@larkspur.example>"
OWN_PATH = "<porter@larkspur.example>"


@pytest.mark.parametrize("fields", [(), (GENERATED,), (REPLIED,)])
@pytest.mark.parametrize(
    "words",
    [
        f"Your letter for {DANA} was more than our porter lifts, and was then destroyed.",
        f"Good morning!\n\nNobody answers to {DANA} in this house.\n\nYour mail went into the bin.",
        f'{DANA}: their machine said "550 no such tenant" when we rang.',
        f"Su carta para {DANA} fue descartada en la puerta.",
        f"Votre lettre pour {DANA} a été détruite par notre filtre.",
        f"Ihr Brief an {DANA} wurde vom Filter verworfen.",
        f"A sua carta para {DANA} foi barrada pelo porteiro.",
        f"La Sua lettera per {DANA} è stata scartata dal filtro.",
        f"Uw brief aan {DANA} is door de poort tegengehouden.",
    ],
)
def test_what_a_server_says_to_nobody_it_can_answer_is_a_notice(
    words: str, fields: tuple[str, ...]
) -> None:
    report = read(mail(words, *fields, sender=PORTER, subject="From the porter"))
    assert report.kind is MessageKind.BOUNCE, report.signs
    assert [each.recipient for each in report.recipients] == [DANA]


LANGUAGES = [
    f"Nobody called {DANA} has an account any more, so we had to send your letter home.",
    f"En nuestra casa no hay nadie con la dirección {DANA}. Su mensaje vuelve a usted.",
    f"La bandeja de {DANA} está repleta; su correo no cupo.",
    f"Não conhecemos ninguém em {DANA}. A sua mensagem regressa a si.",
    f"A caixa de {DANA} está cheia e o seu e-mail ficou de fora.",
    f"La boîte de {DANA} déborde ; votre message est resté dehors.",
    f"{DANA} n'accepte que les courriers de ses abonnés : le vôtre a été écarté.",
    f"Das Postfach {DANA} quillt über, Ihre Mail passte nicht mehr hinein.",
    f"La casella {DANA} trabocca: la Sua mail non ci stava.",
    f"De postbus van {DANA} puilt uit; uw mail paste er niet meer in.",
    f"Ingen hos oss har adressen {DANA}. Ditt brev går tillbaka till dig.",
    f"Postkassen {DANA} er fyldt, din mail kunne ikke være der.",
    f"Nikt u nas nie ma adresu {DANA}. Pański list wraca do nadawcy.",
    f"Schránka {DANA} je plná, Vaše zpráva se tam nevešla.",
    f"Ящик {DANA} переполнен, ваше письмо не поместилось.",
    f"{DANA} adresinde kimse yok. Mektubunuz size geri dönüyor.",
    f"{DANA} というかたは当社におりません。お送りいただいたメールはお返しします。",
    f"我们这里没有 {DANA} 这个人，您的来信已退回。",
    f"{DANA} 라는 분은 저희 회사에 없습니다. 보내신 메일을 돌려드립니다.",
    f"Meillä ei ole ketään osoitteella {DANA}. Viestisi palautetaan.",
    f"Nálunk senkinek sincs {DANA} címe. Az Ön levelét visszaküldtük.",
    f"Κανείς εδώ δεν έχει τη διεύθυνση {DANA}. Το μήνυμά σας επιστρέφεται.",
    f"Nimeni de la noi nu are adresa {DANA}. Mesajul dumneavoastră se întoarce.",
]


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("subject", ["From the porter", "Re: 12 Elm Street"])
def test_it_is_heard_in_many_languages(words: str, subject: str) -> None:
    report = read(mail(words, sender=PORTER, subject=subject))
    assert report.kind is MessageKind.BOUNCE, report.signs
    assert [each.recipient for each in report.recipients] == [DANA]


@pytest.mark.parametrize(
    "words",
    [
        f"Le serveur de {DANA} reste muet, nous gardons votre message et réessaierons demain.",
        f"Der Server von {DANA} schweigt. Ihre Nachricht bleibt bei uns, wir probieren es morgen.",
        f"O servidor de {DANA} não responde; a sua mensagem continua à espera.",
        f"Il server di {DANA} tace; la Sua mail resta da noi e riproveremo domani.",
    ],
)
def test_waiting_is_heard_in_many_languages(words: str) -> None:
    raw = mail(words, sender=PORTER, subject="From the porter")
    assert read(raw).kind is MessageKind.DELAY


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("From the porter", f"Your mail to {DANA} was sent back: she keeps no box here."),
        (
            "From the porter",
            f"Your mail to {DANA} met with 554 no room, and was refused.",
        ),
        ("Undelivered: 12 Elm Street", f"For {DANA}, nobody of this name was handed a key."),
    ],
)
def test_a_service_with_a_return_path_must_say_it_more_plainly(subject: str, words: str) -> None:
    raw = mail(words, GENERATED, sender=PORTER, subject=subject, return_path=OWN_PATH)
    assert [each.recipient for each in read(raw).recipients] == [DANA]
    vague = mail(f"{DANA} is gone.", GENERATED, sender=PORTER, subject="x", return_path=OWN_PATH)
    assert read(vague).kind is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [
        (PORTER, "Closed", f"Our office is closed until Monday. No mail is read. Write to {DANA}."),
        (PORTER, "Geschlossen", f"Ihre Mail wird nicht gelesen. In dringenden Fällen: {DANA}."),
        (
            "Form Mailer <form@site.example>",
            "Dana",
            f"{DANA}: I never got your mail. Send my copy!",
        ),
        ("Mail Gate <gate@x.example>", "3 held", f"These messages to you were stopped: {DANA}"),
        ("Mail Gate <gate@x.example>", "A virus", f"A mail from {DANA} to you was refused."),
        (
            "Mail Desk <desk@x.example>",
            "12 Elm St",
            f"Your mail to {DANA} was received. Do not reply.",
        ),
        ("Bank Service <a@bank.example>", "Paid", f"Your payment for the mailbox {DANA} failed."),
        (
            "Mail Tips <tips@x.example>",
            "Tips",
            f"When your mail to {DANA} is returned, wait a day.",
        ),
        ("Notify <notify@crm.example>", "Dana", f"{DANA} hasn't replied to your mail."),
        ("Notify <notify@crm.example>", "Lead", f"{DANA} could not reach you, see her message."),
    ],
)
def test_other_mail_that_a_machine_writes_is_none(sender: str, subject: str, words: str) -> None:
    for fields, path in (((GENERATED,), "<>"), ((GENERATED,), "<bounce-1@x.example>")):
        report = read(mail(words, *fields, sender=sender, subject=subject, return_path=path))
        assert report.kind not in MISSED, report.signs


@pytest.mark.parametrize(
    "words",
    [
        "Our practice is closed, mail is not read. Instead of me: dana@larkspur.example.",
        "Die Praxis ruht, Mails werden nicht bearbeitet. Vertretung: dana@larkspur.example.",
        "Votre message ne sera pas lu avant lundi. Urgences : dana@larkspur.example",
    ],
)
def test_an_office_that_is_away_names_whom_to_turn_to(words: str) -> None:
    raw = mail(words, REPLIED, sender="Mail Practice <mail@x.example>", subject="Closed")
    assert read(raw).kind is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "words",
    [
        "The alias kim@oakfield.example was deleted. Mail to it is no longer delivered.",
        "oakfield.example runs out. Mail to kim@oakfield.example will be refused after that.",
    ],
)
def test_what_is_said_of_ones_own_house_is_no_notice_of_ones_own_mail(words: str) -> None:
    raw = mail(words, GENERATED, sender="Hosting <noreply@host.example>", subject="Mail")
    assert read(raw).kind is MessageKind.NOT_A_BOUNCE
    own = mail(
        "Your mail to kim@oakfield.example was refused.", sender=PORTER, subject="From the porter"
    )
    assert [each.recipient for each in read(own).recipients] == ["kim@oakfield.example"]


def test_a_person_who_tells_of_mail_that_came_back_is_no_machine() -> None:
    words = f"Your mail to {DANA} was sent back, she says. Her inbox is full."
    una = "Una Reed <una@example.net>"
    raw = mail(words, sender=una, subject="Dana", return_path="<una@example.net>")
    assert read(raw).kind is MessageKind.NOT_A_BOUNCE


def test_what_a_timed_job_reports_is_no_notice() -> None:
    words = f"Mail to {DANA}: 550 no such user"
    raw = mail(words, GENERATED, "X-Cron-Env: <HOME=/root>", sender="root@x.example", subject="log")
    assert read(raw).kind is MessageKind.NOT_A_BOUNCE


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (f"Your mail for {DANA} is still in our queue.", MessageKind.DELAY),
        (f"{DANA}: 451 ring again in an hour. Your mail is safe with us.", MessageKind.DELAY),
        (f"Your mail for {DANA} sat in our queue, and was then destroyed.", MessageKind.BOUNCE),
        (f"{DANA}: 550 the queue is for members. Your mail is here.", MessageKind.BOUNCE),
    ],
)
def test_what_waits_is_late_and_what_is_over_is_not(words: str, kind: MessageKind) -> None:
    assert read(mail(words, sender=PORTER, subject="From the porter")).kind is kind


@pytest.mark.parametrize("name", ["Gwen Postma", "Ava Gates", "Lister Guardiola"])
def test_a_persons_name_that_begins_like_a_machines_is_a_persons(name: str) -> None:
    words = f"Your mail was not read. Kim stands in for me, and {DANA} was told to reject nobody."
    sender = f"{name} <{name.partition(' ')[0].lower()}@x.example>"
    raw = mail(words, REPLIED, sender=sender, subject="12 Elm Street")
    assert read(raw).kind is MessageKind.AUTO_REPLY
