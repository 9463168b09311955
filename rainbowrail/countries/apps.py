from django.apps import AppConfig


class CountriesConfig(AppConfig):
    name = "rainbowrail.countries"
    label = "countries"
