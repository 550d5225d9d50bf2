from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhongshu.service.people"
    label = "people"
