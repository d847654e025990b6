from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "varangian.platform.crypto"
    label = "crypto"
