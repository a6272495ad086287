"""The registry of renderers. A new output format is a module here and one name in the tuple below."""

from typing import Final

from generator.render import deck, document, led, pages, script
from generator.render.base import Renderer

RENDERERS: Final[dict[str, Renderer]] = {
    renderer.name: renderer
    for renderer in (pages.RENDERER, led.RENDERER, deck.RENDERER, document.RENDERER, script.RENDERER)
}
