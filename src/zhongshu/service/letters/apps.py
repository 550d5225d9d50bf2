from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "zhongshu.service.letters"
    label = "letters"
