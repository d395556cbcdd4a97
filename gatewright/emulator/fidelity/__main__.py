"""Write the page: ``python -m gatewright.emulator.fidelity``, at the repository's root."""

from pathlib import Path

from gatewright.emulator.app import create_app
from gatewright.emulator.fidelity.notes import notes
from gatewright.emulator.fidelity.page import page
from gatewright.emulator.fidelity.proofs import proofs

app = create_app()
text = page(app.description(), notes(), proofs(Path("tests")))
app.close()
Path("docs", "fidelity.md").write_text(text, encoding="utf-8", newline="\n")
