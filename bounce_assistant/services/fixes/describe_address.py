"""The JSON that ``verify`` prints: resources/schema/verify.schema.json describes it."""

from typing import Any

from bounce_assistant.services.fixes.verify_address import AddressCheck

SCHEMA = 1


def describe_address(check: AddressCheck) -> dict[str, Any]:
    """Return the object of one address, keys in the documented order."""
    advice = check.advice
    return {
        "schema": SCHEMA,
        "typed": check.typed,
        "address": check.address,
        "result": advice.result.value,
        "title": advice.title,
        "sentence": advice.sentence,
        "looked_up": check.looked_up,
        "looked_in_sent": check.looked_in_sent,
        "suggestions": [
            {"address": each.address, "because": each.because} for each in advice.suggestions
        ],
        "findings": [
            {"id": each.id.value, "says": each.says, "counts": each.counts}
            for each in advice.learned
        ],
        "other_addresses": [each.address for each in check.other_addresses],
    }
