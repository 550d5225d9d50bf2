from django.apps import AppConfig


class ZonesConfig(AppConfig):
    name = "zhongshu.service.zones"
    label = "zones"
