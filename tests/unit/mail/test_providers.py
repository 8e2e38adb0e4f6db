"""Where an address finds its servers."""

import tomllib

import pytest

from bounce_assistant import resources
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import ProviderSettings, Server, account_from
from bounce_assistant.mail.autodiscover import settings_for
from bounce_assistant.mail.providers import Provider, load_providers, parse_providers
from bounce_assistant.mail.sign_in_problems import explain_sign_in

PROVIDERS = load_providers()
GOOD = (
    'id = "x"\nname = "X"\ncompany = "X"\nlogin = "password"\nis_confirmed = true\nsource = "s"\n'
)


def found(email: str) -> ProviderSettings:
    settings = settings_for(email, PROVIDERS)
    assert settings
    return settings


def test_a_gmail_address_is_recognised_and_named() -> None:
    settings = found("Dana.Reyes@GMAIL.com")
    assert settings.name == "Gmail"
    assert settings.company == "Google"
    assert settings.imap == Server("imap.gmail.com", 993, "tls")
    assert settings.smtp == Server("smtp.gmail.com", 465, "tls")
    assert settings.username == "Dana.Reyes@GMAIL.com"
    assert "16 letters" in settings.app_password_shape


def test_icloud_signs_in_with_the_part_before_the_at() -> None:
    assert found("dana@me.com").username == "dana"


def test_a_city_under_rr_com_is_road_runner() -> None:
    assert found("dana@maine.rr.com").provider == "roadrunner"


def test_an_own_domain_must_be_set_up_by_hand() -> None:
    assert settings_for("dana@reyes-realty.example", PROVIDERS) is None
    assert settings_for("no address at all", PROVIDERS) is None


def test_mail_that_no_app_can_read_has_no_server() -> None:
    settings = found("dana@hey.com")
    assert settings.imap is None
    with pytest.raises(ValueError, match="hey"):
        account_from(settings)


def test_what_nobody_confirmed_is_marked() -> None:
    assert found("dana@gmail.com").is_confirmed
    assert not found("dana@optonline.net").is_confirmed


def test_an_account_takes_over_what_was_found() -> None:
    account = account_from(found("dana@comcast.net"), name="Dana Reyes")
    assert (account.imap_host, account.smtp_host, account.name) == (
        "imap.comcast.net",
        "smtp.comcast.net",
        "Dana Reyes",
    )


def test_the_owner_of_a_host_is_known() -> None:
    yahoo = PROVIDERS.by_host("IMAP.mail.yahoo.com")
    assert yahoo
    assert yahoo.login == "app_password"
    assert PROVIDERS.by_host("mail.example.com") is None


def test_every_provider_is_there_under_its_own_name() -> None:
    texts = resources.read_texts("providers")
    assert len(texts) == len(PROVIDERS.all) == 45
    for name, text in texts.items():
        assert tomllib.loads(text)["id"] == name


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("x", GOOD + 'colour = "red"\n', "colour"),
        ("x", GOOD + '[imap]\nhost = "h"\nport = 993\nsecurity = "none"\n', "none"),
        ("x", "id = ", "x.toml"),
        ("y", GOOD, "x"),
    ],
)
def test_a_broken_file_is_named(file: str, text: str, said: str) -> None:
    with pytest.raises(AppError, match=f"providers/{file}.toml") as told:
        parse_providers({file: text})
    assert said in str(told.value)


def test_two_providers_cannot_own_one_domain() -> None:
    other = GOOD.replace('"x"', '"z"') + 'domains = ["x.com"]\n'
    with pytest.raises(AppError, match="belongs to x already"):
        parse_providers({"x": GOOD + 'domains = ["x.com"]\n', "z": other})


@pytest.mark.parametrize(
    "provider", [one for one in load_providers().all if one.imap_path], ids=lambda one: one.id
)
def test_where_imap_is_turned_on_is_told_as_a_guess(provider: Provider) -> None:
    """None of these places was looked at; what is said as a fact holds wherever they are."""
    account = account_from(load_providers().settings_of(provider, "dana@agency.example"))
    told = explain_sign_in("Your account is not enabled for IMAP use.", account, provider)
    assert told.next_step == (
        f"Turn it on in {provider.company}'s mail settings on the web, then try again."
        f" We'd look here first: {provider.imap_path}."
    )
    assert provider.imap_path not in told.title + told.detail
