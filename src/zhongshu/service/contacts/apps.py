from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "zhongshu.service.contacts"
    label = "contacts"
