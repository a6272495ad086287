"""What every medium shares: line breaks, QR symbols, glyph coverage, inks, artwork. No engine here."""
