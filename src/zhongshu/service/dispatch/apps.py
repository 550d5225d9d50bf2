from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "zhongshu.service.dispatch"
    label = "dispatch"
