from django.apps import AppConfig


class WhatIfConfig(AppConfig):
    name = "zhongshu.service.whatif"
    label = "whatif"
