from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "zhongshu.service.directives"
    label = "directives"
