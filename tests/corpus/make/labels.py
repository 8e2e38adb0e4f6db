"""A label: what a message must yield. One small TOML file beside each message."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Delivery:
    """The answer for one recipient. A flag that is false: the message itself does not say."""

    recipient: str
    reason: str
    reason_alt: tuple[str, ...] = ()
    bounce_type: str = ""
    status: str = ""
    reply_code: str = ""
    reason_sure: bool = True
    bounce_type_sure: bool = True
    status_sure: bool = True
    reply_code_sure: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """The answer for a message."""

    kind: str
    made_with: str
    deliveries: tuple[Delivery, ...] = ()


def is_held_out(name: str) -> bool:
    """Tell whether rules are measured on this message instead of tuned on it: one in five."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 1


def write_label(path: Path, label: Label) -> None:
    """Write the label as TOML, leaving out what is empty or as expected."""
    lines = [
        f'kind = "{label.kind}"',
        f'made_with = "{label.made_with}"',
        f"held_out = {str(is_held_out(path.with_suffix('.eml').name)).lower()}",
    ]
    for delivery in label.deliveries:
        lines += ["", "[[delivery]]", f'recipient = "{delivery.recipient}"']
        lines.append(f'reason = "{delivery.reason}"')
        if delivery.reason_alt:
            words = ", ".join(f'"{word}"' for word in delivery.reason_alt)
            lines.append(f"reason_alt = [{words}]")
        for name in ("bounce_type", "status", "reply_code"):
            if value := getattr(delivery, name):
                lines.append(f'{name} = "{value}"')
        for name in ("reason_sure", "bounce_type_sure", "status_sure", "reply_code_sure"):
            if not getattr(delivery, name):
                lines.append(f"{name} = false")
    path.write_text("\n".join(lines) + "\n")
