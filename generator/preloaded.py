"""The process that workers are copied from imports this: then their engines are loaded once for all of them."""

from generator.workers import load_engines

load_engines()
