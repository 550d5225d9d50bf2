from django.apps import AppConfig


class PlayedDrillsConfig(AppConfig):
    name = "zhongshu.service.drills.played"
    label = "drills"
