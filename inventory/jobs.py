"""The jobs of the stock; config/jobs.py names them. Each is one service."""

from inventory.services.resume_stock_documents import resume_stock_documents as resuming


def resume_stock_documents(timestamp: int | None = None) -> int:
    return resuming()
