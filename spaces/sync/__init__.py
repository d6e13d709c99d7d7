"""Keeping the inventory true: a crawl, events between crawls, and single looks when it matters."""
