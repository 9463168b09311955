"""Pictures of every page, from a demo world that runs: for the README, and for whoever changes a page and wants to look.

A picture is called `side-page-language-width[-dark].png`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from rainbowrail.devtools.reach import Visitors, speak, stops
from rainbowrail.devtools.world import World

COLOURS = 128  # of a picture's palette: small files, and no difference to be seen
HEIGHTS = {320: 640, 375: 740}
DESK_HEIGHT = 900


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at a page: language, width in pixels, light or dark; `sharp` doubles the pixels."""

    language: str
    width: int
    scheme: str = "light"

    @property
    def height(self) -> int:
        return HEIGHTS.get(self.width, DESK_HEIGHT)

    def name_of(self, side: str, page: str) -> str:
        dark = "-dark" if self.scheme == "dark" else ""
        return f"{side}-{page}-{self.language}-{self.width}{dark}.png"


@dataclass
class Photographer:
    """Takes the pictures of one world into one folder, and says how many."""

    browser: Browser
    world: World
    into: Path
    looks: Iterable[Look]
    say: Callable[[str], None] = lambda sentence: None
    taken: int = 0

    def take_everything(self) -> int:
        self._take_applicants()
        for side, page, addresses in self._staff():
            for name, address in addresses.items():
                for look in self._staff_looks():
                    show(page, address, look)
                    self._take(page, look.name_of(side, name))
            self.say(f"{self.taken} pictures")
            page.context.close()
        return self.taken

    def _take_applicants(self) -> None:
        """Take every page of the public door, in every look."""
        visitors = Visitors(self.browser, self.world)
        for stop in stops():
            for look in self.looks:
                page = visitors.page_of(stop.who)
                dress(page, look)
                self._take(visitors.show(stop, look.language), look.name_of("applicant", stop.name))
        self.say(f"{self.taken} pictures")
        visitors.close()

    def _staff_looks(self) -> list[Look]:
        """Return the looks in languages that staff pages speak."""
        return [look for look in self.looks if look.language in settings.STAFF_LANGUAGES]

    def _take(self, page: Page, name: str) -> None:
        path = self.into / name
        page.screenshot(path=path, full_page=True, animations="disabled")
        shrink(path)
        self.taken += 1

    def _staff(self) -> Iterator[tuple[str, Page, dict[str, str]]]:
        door = self.world.staff_url
        yield "staff", new_page(self.browser), {"sign-in": f"{door}/account/login/"}
        dana = signed_in(self.browser, self.world, "dana")
        case = f"{door}{dana.locator('tbody a').first.get_attribute('href')}"
        acts = {name: f"{case}{path}" for name, path in CASE_PAGES.items()}
        yield "staff", dana, {"queue": f"{door}/", "case": case, **acts, "components": f"{door}/components/"}
        eli = signed_in(self.browser, self.world, "eli")
        eli.goto(f"{door}/referrals/?state=sent")
        sent = eli.locator("tbody th a").first.get_attribute("href")
        yield (
            "staff",
            eli,
            {
                "referrals": f"{door}/referrals/",
                "referral": f"{door}{sent}",
                "officials": f"{door}/referrals/officials/",
            },
        )
        yield "staff", signed_in(self.browser, self.world, "fay"), {"trail": f"{door}/trail/"}


CASE_PAGES = {"ask": "ask/", "assess": "assess/", "next-step": "next-step/", "urgency": "urgency/", "close": "move/close/"}


def new_page(browser: Browser, *, sharp: bool = False) -> Page:
    context: BrowserContext = browser.new_context(locale="en", device_scale_factor=2 if sharp else 1)
    return context.new_page()


def show(page: Page, address: str, look: Look) -> None:
    """Open a page the way somebody with this device and language would see it."""
    dress(page, look)
    speak(page, urljoin(address, "/").rstrip("/"), look.language)
    page.goto(address)


def dress(page: Page, look: Look) -> None:
    """Give a page the size and the colours of this device."""
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme="dark" if look.scheme == "dark" else "light")


def signed_in(browser: Browser, world: World, who: str, *, sharp: bool = False) -> Page:
    page = new_page(browser, sharp=sharp)
    page.goto(f"{world.staff_url}/demo/")
    page.locator(f'main button[value="{who}@example.org"]').click()
    page.wait_for_load_state()
    return page


def shrink(path: Path) -> None:
    """Write a picture again with few colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def take_readme_pictures(browser: Browser, world: World, into: Path) -> list[Path]:
    """Take one picture of each side: what an applicant sees first on a phone, and the queue of a triage lead."""
    phone = new_page(browser, sharp=True)
    show(phone, world.public_url, Look("en", 375))
    desk = signed_in(browser, world, "dana", sharp=True)
    show(desk, world.staff_url, Look("en", 1280))
    taken = []
    for name, page in (("applicant-start", phone), ("staff-queue", desk)):
        path = into / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        shrink(path)
        taken.append(path)
    return taken
