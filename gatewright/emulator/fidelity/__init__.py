"""How true the stand-in is, thing by thing: docs/fidelity.md.

Endpoints and fields come from the tables that requests are answered by; what is known to
behave like Cloudflare is in `behaviours`, each with its source; what differs or is a guess
is said beside the code that does it (``Fidelity: …``) and collected from there. Tests say
with ``@pytest.mark.proves(key)`` what they show: without such a test nothing counts as the
same. ``python -m gatewright.emulator.fidelity`` writes the page.
"""
