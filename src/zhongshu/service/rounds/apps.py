from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "zhongshu.service.rounds"
    label = "rounds"
