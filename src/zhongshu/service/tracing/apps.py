from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "zhongshu.service.tracing"
    label = "tracing"
