from django.apps import AppConfig


class RowSecurityConfig(AppConfig):
    name = "zhongshu.service.rowsecurity"
    label = "rowsecurity"
