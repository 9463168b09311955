from django.urls import path

from rainbowrail.web import gallery

app_name = "components"
urlpatterns = [path("", gallery.gallery, name="gallery")]
