from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "zhongshu.service.resources"
    label = "resources"
