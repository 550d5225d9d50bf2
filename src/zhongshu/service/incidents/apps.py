from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "zhongshu.service.incidents"
    label = "incidents"
