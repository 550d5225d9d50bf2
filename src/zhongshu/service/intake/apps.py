from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "zhongshu.service.intake"
    label = "intake"
