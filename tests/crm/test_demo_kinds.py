"""Whoever names a row of the demo shop is asked before it goes."""

from crm.demo.removal.kinds import GOES_ALONG, KINDS
from users.models.user import User


def test_each_relation_to_a_kind_is_a_use_or_goes_along() -> None:
    for kind in KINDS:
        relations = {
            f"{relation.related_model.__name__}.{relation.field.name}"  # type: ignore[union-attr]
            for relation in kind.model._meta.get_fields(include_hidden=True)
            if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        }
        uses = {f"{use.rows_of.__name__}.{use.column}" for use in kind.uses if use.key == "pk"}
        named = uses | set(GOES_ALONG.get(kind.model, ()))

        assert relations - named == set(), kind.table
        assert named - relations == set(), kind.table


def test_who_names_others_is_asked_about_before_them() -> None:
    place = {kind.model: number for number, kind in enumerate(KINDS)}

    for kind in KINDS:
        for use in kind.uses:
            assert use.owner in (None, User) or place[use.owner] < place[kind.model], (kind.table, use)
