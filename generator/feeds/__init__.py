"""The registry of feeds: what a piece is about. A new feed is a function here and its name in ``design.Feed``."""

from typing import Final

from generator.feeds import cards, chat, deck, documents, handbook, large, large_print, led, pages
from generator.feeds.base import Feeder
from generator.model.design import Feed

FEEDS: Final[dict[Feed, Feeder]] = {
    Feed.SCAM: pages.scam_pieces,
    Feed.RULE: pages.rule_pieces,
    Feed.SLOGAN: pages.slogan_pieces,
    Feed.GUIDE: pages.guide_piece,
    Feed.HANDBOOK: handbook.handbook_piece,
    Feed.LARGE: large_print.large_guide_piece,
    Feed.STORY: chat.story_pieces,
    Feed.NINE: chat.nine_piece,
    Feed.BROADCAST: chat.broadcast_piece,
    Feed.PLAYLIST: led.playlist_pieces,
    Feed.LED_GUIDE: led.led_guide_piece,
    Feed.LECTURE: deck.lecture_piece,
    Feed.BANNER: large.banner_pieces,
    Feed.COUPLET: large.couplet_pieces,
    Feed.SIGN: large.sign_pieces,
    Feed.CLASSROOM: large.classroom_pieces,
    Feed.CARD: cards.card_pieces,
    Feed.DOCUMENT: documents.document_pieces,
    Feed.REVIEW: documents.review_pieces,
    Feed.SUMMARY: documents.summary_pieces,
}
