"""Borders: fiscal territories, VAT, tariff, duty arithmetic, documents, screening."""
