from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "zhongshu.service.signals"
    label = "signals"
