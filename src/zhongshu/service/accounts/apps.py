from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhongshu.service.accounts"
    label = "accounts"
