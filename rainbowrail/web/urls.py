from django.urls import path

from rainbowrail.web import gallery, shortcuts

app_name = "components"
urlpatterns = [path("", gallery.gallery, name="gallery"), path("keys/", shortcuts.shortcuts, name="shortcuts")]
