"""How a person works a page: with a mouse, or with nothing but a keyboard."""

from typing import Protocol

from playwright.sync_api import Locator, Page

# more steps than any page has; a page that can't be stepped through would otherwise be stepped for ever
_MOST_STEPS = 400


class Hand(Protocol):
    def press(self, what: Locator) -> None:
        """A link, a button, a summary."""

    def write(self, field: Locator, text: str) -> None: ...

    def write_date(self, field: Locator, iso: str) -> None: ...

    def choose(self, radio: Locator) -> None: ...

    def pick(self, select: Locator, words: str) -> None: ...


class Mouse:
    def press(self, what: Locator) -> None:
        what.click()

    def write(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def write_date(self, field: Locator, iso: str) -> None:
        self.write(field, iso)

    def choose(self, radio: Locator) -> None:
        # the radio itself is covered by the words that stand for it
        radio.locator("xpath=ancestor::label").click()

    def pick(self, select: Locator, words: str) -> None:
        select.select_option(label=words)


class Keyboard:
    """Tab, Enter, Space, arrows and letters; nothing is focused, clicked or scrolled to but by them."""

    def press(self, what: Locator) -> None:
        self._reach(what)
        what.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def write_date(self, field: Locator, iso: str) -> None:
        year, month, day = iso.split("-")
        self._reach(field)
        field.page.keyboard.type(f"{month}{day}{year}")

    def choose(self, radio: Locator) -> None:
        keys = radio.page.keyboard
        # a group of radios is one stop: the chosen one, or its first
        self._reach(
            radio, "(one) => one.name === document.activeElement.name && one.form === document.activeElement.form"
        )
        if radio.is_checked():
            return
        keys.press("Space")
        for _ in range(20):
            if radio.is_checked():
                return
            keys.press("ArrowRight")
        raise AssertionError(f"the arrows never came to {radio}")

    def pick(self, select: Locator, words: str) -> None:
        self._reach(select)
        select.page.keyboard.type(words)
        assert select.evaluate("one => one.selectedOptions[0].text") == words

    def _reach(self, what: Locator, there: str = "(one) => one === document.activeElement") -> None:
        what.wait_for(state="attached")
        page: Page = what.page
        for _ in range(_MOST_STEPS):
            if what.evaluate(there):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {what}; it stands at {_focused(page)}")


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
