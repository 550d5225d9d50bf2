from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "zhongshu.service.clocks"
    label = "clocks"
