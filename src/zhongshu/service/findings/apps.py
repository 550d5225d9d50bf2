from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "zhongshu.service.findings"
    label = "findings"
