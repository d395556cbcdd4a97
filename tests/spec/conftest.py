import pytest

from gatewright import spec


@pytest.fixture
def project(tmp_path):
    """Write files below gateways/ and load them: `project({"a.yaml": "…"}).findings`."""

    def load(files, only=None):
        for name, content in files.items():
            path = tmp_path / "gateways" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return spec.check(tmp_path, only)

    load.root = tmp_path
    return load
