"""Jobs on alerts; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from config.upkeep.alerts.judge_alerts import judge_alerts as _judge_alerts
from config.upkeep.alerts.send_alert_mails import send_alert_mails as _send_alert_mails


def judge_alerts(timestamp: int | None = None) -> int:
    return _judge_alerts()


def send_alert_mails() -> int:
    return _send_alert_mails()
