"""Which addresses may be called."""

import pytest

from varangian.alerts.channels import messages
from varangian.alerts.channels.catalogue import check, service_of, services
from varangian.kernel.results import Refused


def test_every_example_is_an_address_that_the_library_understands():
    for service in services().values():
        if service.example and not service.id.startswith(("sms", "push")):
            assert service_of(service.example) is service
            assert messages.known_as(service.example), service.example


@pytest.mark.parametrize("url", ["syslog://", "windows://x", "dbus://", "file:///etc/passwd", "x"])
def test_what_is_not_in_the_catalogue_is_no_address(url):
    with pytest.raises(Refused, match="no address of a service"):
        service_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "ntfys://169.254.169.254/topic",
        "jsons://localhost/x",
        "jsons://hooks.example.org.evil.example/x",
        "mailtos://u:p@mail.example.org?smtp=10.0.0.1",
        "ntfys://push.example.org/t?verify=no",
        "ntfys://push.example.org/t?rto=900",
    ],
)
def test_only_servers_that_were_named_are_called(url):
    with pytest.raises(Refused):
        check(service_of(url), url, ["hooks.example.org", "mail.example.org", "push.example.org"])


def test_a_named_server_is_called_and_a_makers_service_needs_none():
    check(service_of("jsons://hooks.example.org/x"), "jsons://hooks.example.org/x",
          ["hooks.example.org"])  # fmt: skip
    check(service_of("ntfys://ntfy.sh/t"), "ntfys://ntfy.sh/t", [])
    check(service_of("pover://a@b"), "pover://a@b", [])
    push = services()["push"]
    check(push, "https://updates.push.services.mozilla.com/wpush/v2/x", [])
    with pytest.raises(Refused):
        check(push, "https://push.services.mozilla.com.evil.example/x", [])
