"""Single sign-on by configuration: one OpenID Connect provider, named in the environment."""

from collections.abc import Mapping
from typing import Any


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """Nothing unless VARANGIAN_OIDC_CLIENT and VARANGIAN_OIDC_URL are set."""
    client, url = (environment.get(f"VARANGIAN_OIDC_{name}", "") for name in ("CLIENT", "URL"))
    if not (client and url):
        return {}
    app = {
        "provider_id": "oidc",
        "name": environment.get("VARANGIAN_OIDC_NAME", "Single sign-on"),
        "client_id": client,
        "secret": environment.get("VARANGIAN_OIDC_SECRET", ""),
        "settings": {"server_url": url},
    }
    return {"openid_connect": {"APPS": [app]}}
