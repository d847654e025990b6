"""Message services through apprise: one URL names the service, the account and the receiver."""

from .words import Call, Undelivered

CONNECT_S, READ_S = 4, 6


def known_as(url: str) -> bool:
    """Does the library understand this address?"""
    return _open(url) is not None


def _open(url: str):
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Varangian",
        app_desc="",
        app_url="",
        async_mode=False,
        plugin_paths=[],
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    given = "&" if "?" in url else "?"
    limits = f"{given}cto={CONNECT_S}&rto={READ_S}"
    return apprise.Apprise.instantiate(url + limits, asset=asset, suppress_exceptions=True)


def send(url: str, call: Call) -> None:
    import apprise

    service = _open(url)
    if service is None:
        raise Undelivered("address not understood", gone=True)
    kind = apprise.NotifyType.FAILURE if call.urgent else apprise.NotifyType.WARNING
    try:
        sent = service.notify(body=call.words, title="", notify_type=kind)
    except Exception as error:
        raise Undelivered(type(error).__name__) from error
    if not sent:
        raise Undelivered("the service did not take it")
