from django.apps import AppConfig


class PeriodsConfig(AppConfig):
    name = "zhongshu.service.periods"
    label = "periods"
