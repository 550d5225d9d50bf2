from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "zhongshu.service.codes"
    label = "codes"
