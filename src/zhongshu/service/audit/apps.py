from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "zhongshu.service.audit"
    label = "audit"
