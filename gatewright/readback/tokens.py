"""Tokens: declared against listed, those that soon end, and those that nobody manages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gatewright.model import JsonValue, Token, TokenKind
from gatewright.readback import compare
from gatewright.readback.reading import Reading, Verdict

Object = Mapping[str, JsonValue]
Listed = Mapping[TokenKind, Mapping[str, Sequence[Object]]]


def by_name(rows: Sequence[Object]) -> dict[str, list[Object]]:
    """The rows of each name: Cloudflare takes a name twice."""
    found: dict[str, list[Object]] = {}
    for row in rows:
        found.setdefault(str(row["name"]), []).append(row)
    return found


def readings(
    declared: Token,
    listed: Listed,
    account_id: str,
    *,
    known: Mapping[str, str] | None = None,
    soon: str | None = None,
) -> Iterator[Reading]:
    """The token itself, and others of its name.

    ``known`` are the ids that the stack has by the tokens' names, None if that is not known;
    ``soon`` as in `read`.
    """
    rows = listed[declared.kind].get(declared.name_in_account, ())
    # Which of several is the stack's own only the stack knows.
    if known is None:
        own, others = rows[:1], rows[1:]
    else:
        ident = known.get(declared.name)
        own = [row for row in rows if row["id"] == ident]
        others = [row for row in rows if row["id"] != ident]
    first = own[0] if own else None
    reading = compare.token(declared, first, account_id)
    yield replace(reading, warnings=tuple(_ends(declared, first, soon))) if first else reading
    for row in others:
        name = str(row["name"])
        if known is None:
            note = (
                f"two tokens of this name, ids {rows[0]['id']} and {row['id']}: the one that is "
                "not in `pulumi stack output tokens` nobody manages: `gatewright token revoke` it"
            )
            yield Reading("token", name, verdict=Verdict.DIFFERS, note=note)
        else:
            note = f"id {row['id']}, which is not in this stack's state: if nobody uses it, "
            note += _revoked(row, declared.kind)
            yield Reading("token", name, verdict=Verdict.ORPHANED, note=note)


def undeclared(
    tokens: Sequence[Token], listed: Listed, own_token_id: str | None
) -> Iterator[Reading]:
    """What no spec declares: the account's, and of the user's those that are called as ours.

    A token of another generation is one that a deployment made and none deleted, unless
    the declared one is still to be made.
    """
    declared = {(token.kind, token.name_in_account) for token in tokens}
    ours = {token.name: token for token in tokens}
    for kind, names in listed.items():
        for name in sorted(names):
            if (kind, name) in declared:
                continue
            token = ours.get(_base(name))
            for row in names[name]:
                if token:
                    yield _other_generation(row, kind, token, listed)
                elif kind is TokenKind.ACCOUNT and row["id"] != own_token_id:
                    note = f"id {row['id']}"
                    yield Reading("token", name, verdict=Verdict.UNDECLARED, note=note)


def _other_generation(row: Object, kind: TokenKind, token: Token, listed: Listed) -> Reading:
    name = str(row["name"])
    if token.name_in_account not in listed[token.kind]:
        note = f"id {row['id']}; the next deployment replaces it by `{token.name_in_account}`"
        return Reading("token", name, verdict=Verdict.UNDECLARED, note=note)
    note = f"id {row['id']}; beside `{token.name_in_account}`, which is declared: if nobody uses "
    note += f"it, {_revoked(row, kind)}"
    return Reading("token", name, verdict=Verdict.ORPHANED, note=note)


def _base(name: str) -> str:
    """The name without the generation that a rotation adds."""
    base, mark, generation = name.rpartition(" #")
    return base if mark and generation.isdigit() else name


def _revoked(row: Object, kind: TokenKind) -> str:
    option = "--user " if kind is TokenKind.USER else ""
    return f"`gatewright token revoke {option}{row['id']}`"


def _ends(declared: Token, row: Object, soon: str | None) -> Iterator[str]:
    until = row.get("expires_on")
    if soon and isinstance(until, str) and until < soon:
        yield (
            f"it ends at {until}: a later `expires` prolongs it, "
            f"`gatewright token rotate '{declared.name}'` replaces it"
        )
