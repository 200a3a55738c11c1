from events.models import event, sequencer

__all__ = ["event", "sequencer"]
