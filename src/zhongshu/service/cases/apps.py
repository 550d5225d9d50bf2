from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zhongshu.service.cases"
    label = "cases"
