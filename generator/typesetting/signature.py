"""How a unit may sign a piece."""

from typing import TYPE_CHECKING

from generator.model.content import Contact, ContactKind

if TYPE_CHECKING:
    from generator.library import Audience


def plain_signature(contact: Contact, audience: "Audience") -> bool:
    """Whether ``contact`` signs for ``audience`` with its name alone: no logo, hotline, product line or QR code.

    广告法 39 条 forbids advertising in 中小学 and kindergartens; a bank's name under a public-service piece is a
    signature, anything that leads to its services is an advertisement.
    """
    return contact.kind is ContactKind.BANK and bool(audience.minors)
