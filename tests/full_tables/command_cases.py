"""Each command: its arguments here, and why it reads everything if it does."""

COMMANDS: dict[str, tuple[list[str], str]] = {
    "expire_unpaid_orders": ([], ""),
    "index_report": ([], "the statistics of every column are looked at"),
    "load_demo_shop": (["--if-empty"], ""),
    "migrate": (["--verbosity=0"], ""),
    "prepare": (["--no-demo"], ""),
    "refresh_sales": ([], ""),
    "reset_second_factor": (["owner@example.com"], ""),
}
NOT_MEASURED = {
    "backup": "copies the files of the server",
    "backup_copy": "copies files",
    "backup_status": "looks at files",
    "restore": "makes another database",
    "reconcile": "runs once after a restore, and looks at what is open at providers one by one",
    "webhook_listen": "is a server of a developer's",
    "audit": "recomputes everything; test_audit_plan.py runs it",
    "describe_roles": "writes a page of the documentation",
    "draw_states": "writes a page of the documentation",
    "explain_reads": "is the measurement, with its indexes taken away",
    "generate_orders": "made this shop",
    "graphql_schema": "writes a page of the documentation",
    "partitions": "convert looks through every row once, detach and archive through a month, which their page says",
    "live": "is a server; what it reads of the feed is bounded by its pages",
    "remove_demo_shop": "there is none in this shop; its job is measured",
    "system_report": "asks the server's statistics, each statement within 1.5 s; the rest is what metrics read",
    "run": "starts the others",
    "sandbox_provider": "has books of its own",
    "serve": "is the web server",
    "worker": "runs the jobs",
}
