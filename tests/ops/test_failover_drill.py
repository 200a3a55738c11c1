"""The recipe for several database servers, and that the drill which practises it can fail."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import yaml

from embedded_postgres.home.accounts import choose_account
from ops.failover.books import Found, Payments, count_doubled
from ops.failover.disasters import CONTROL, KILLED, Disaster
from ops.failover.load import Told
from ops.failover.member import CONFIGURATION, Member
from ops.failover.programs import FOLDER, Programs
from ops.failover.report import Report, Row, show
from tests.architecture.source import ROOT

RIGHT = Found(lost=0, doubled=0, discrepancies=0)
PAID = Payments(number=1, differing=0)


def report_of(disaster: Disaster = KILLED, *, found: Found = RIGHT, told: Told | None = None) -> Report:
    return Report([Row(disaster, told or Told(), found)], PAID, overdue=0, held=0)


# --- The recipe -------------------------------------------------------------------------------------------------------
def test_what_is_acknowledged_is_on_two_servers_and_the_lease_is_one_that_patroni_takes() -> None:
    policy = yaml.safe_load(CONFIGURATION.read_text())["bootstrap"]["dcs"]

    assert policy["synchronous_mode"] is policy["synchronous_mode_strict"] is True
    assert policy["ttl"] >= max(20, policy["loop_wait"] + 2 * policy["retry_timeout"])


def test_the_drill_sets_for_each_server_what_operators_are_told_to_set(tmp_path: Path) -> None:
    member = Member("one", tmp_path, 1, 2, "etcd", "secret", Programs(*[tmp_path] * 3), choose_account(None))

    names = {name for name in member.environment() if name.startswith("PATRONI_")}

    told = set(re.findall(r"^([A-Z0-9_]+)=", (FOLDER / "patroni.env.example").read_text(), re.MULTILINE))
    assert told - names == {"PATRONI_RESTAPI_USERNAME", "PATRONI_RESTAPI_PASSWORD"}  # its HTTP is this machine's alone
    assert names - told == set()


# --- What fails the drill ---------------------------------------------------------------------------------------------
def test_zeros_are_no_fault() -> None:
    assert report_of().faults() == []


def test_a_lost_order_a_doubled_one_and_wrong_books_fail_it() -> None:
    found = report_of(found=Found(lost=1, doubled=2, discrepancies=3)).faults()

    assert [re.findall(r"\d", fault)[0] for fault in found] == ["1", "2", "3"]


def test_a_buyer_who_gave_up_fails_it_and_excuses_no_doubled_order_of_another() -> None:
    told = Told(orders={"key of one": {"first"}}, given_up=["key of two"])

    assert count_doubled({"first": "key of one"}, told) == 0
    assert count_doubled({"first": "key of one", "second": "key of two"}, told) == 0
    assert count_doubled({"first": "key of one", "second": "key of one"}, told) == 1
    assert count_doubled({"first": "key of one", "second": ""}, told) == 1
    assert len(report_of(told=told).faults()) == 1
    assert "given up" in show(report_of(told=told))


def test_a_drill_that_hangs_says_where_and_ends() -> None:
    hangs = "import time\nfrom ops.failover.limit import limit_time\nlimit_time(1)\ntime.sleep(60)"

    done = subprocess.run([sys.executable, "-c", hangs], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "DrillError: It is not over after 1 s" in done.stderr
    assert 'File "<string>", line 4' in done.stderr


def test_a_control_that_loses_nothing_fails_it() -> None:
    assert len(report_of(CONTROL).faults()) == 1
    assert report_of(CONTROL, found=replace(RIGHT, lost=7)).faults() == []


def test_an_answer_that_nobody_should_get_fails_it() -> None:
    assert len(report_of(told=Told(odd=["500: "])).faults()) == 1


def test_payments_that_differ_or_are_none_and_orders_that_were_not_swept_fail_it() -> None:
    whole = report_of()

    assert len(replace(whole, payments=Payments(number=9, differing=1)).faults()) == 1
    assert len(replace(whole, payments=Payments(number=0, differing=0)).faults()) == 1
    assert len(replace(whole, overdue=1).faults()) == 1
    assert len(replace(whole, held=1).faults()) == 1


def test_figures_over_their_goals_are_told_apart_from_faults() -> None:
    late = report_of(told=Told(moments=[0, 31], slowest=21, slowest_health=0.3))

    assert late.faults() == []
    assert len(late.delays()) == 3
    assert "31.0" in show(late)
