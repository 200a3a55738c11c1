from events.models import event, sequencer, stream_ticket

__all__ = ["event", "sequencer", "stream_ticket"]
