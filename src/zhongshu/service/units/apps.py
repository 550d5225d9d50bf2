from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "zhongshu.service.units"
    label = "units"
