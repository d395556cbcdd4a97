import pytest

from gatewright.emulator.router import Router


def routed() -> Router[str]:
    router: Router[str] = Router()
    router.add("GET", "/tokens", "list")
    router.add("POST", "/tokens", "create")
    router.add("GET", "/tokens/verify", "verify")
    router.add("GET", "/tokens/{id}", "get")
    router.add("PUT", "/tokens/{id}/value", "roll")
    return router


def found(path: str) -> tuple[dict[str, str], dict[str, str]] | None:
    match = routed().find(path)
    return (match.methods, match.parameters) if match else None


def test_methods_of_a_path():
    assert found("/tokens") == ({"GET": "list", "POST": "create"}, {})


def test_a_literal_goes_before_a_parameter():
    assert found("/tokens/verify") == ({"GET": "verify"}, {})
    assert found("/tokens/x") == ({"GET": "get"}, {"id": "x"})


def test_parameters_are_decoded_after_routing():
    assert found("/tokens/a%2Fvalue") == ({"GET": "get"}, {"id": "a/value"})
    assert found("/tokens/a%20b/value") == ({"PUT": "roll"}, {"id": "a b"})


def test_what_leads_nowhere():
    for path in ("/", "", "/token", "/tokens/", "//tokens", "/tokens/a/b", "/tokens/a/value/c"):
        assert found(path) is None


def test_a_second_endpoint_for_the_same_is_a_mistake():
    router = Router()
    router.add("GET", "/a/{one}", 1)
    with pytest.raises(ValueError, match="two endpoints for GET /a/"):
        router.add("GET", "/a/{other}", 2)
