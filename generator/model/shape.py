"""What a model wants at each place, read off its annotations: one description for messages and for schemas.

A Record has fields, a List has items, a Table has keys that are data (ids of audiences, inks…), a Scalar is one
text, a Choice of records is told apart by its keys. No file is read here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from generator.model.keys import CHINESE, ENGLISH, SYNONYMS
from generator.model.primitives import MONTH

Bounds = Mapping[str, float]
"""``ge``, ``gt``, ``le``, ``lt`` for numbers; ``min``, ``max`` for the number of items."""


@dataclass(frozen=True)
class Scalar:
    """One typed text. ``kind``: text, number, whole (number), flag, day or choice (of ``choices``)."""

    kind: Literal["text", "number", "whole", "flag", "day", "month", "choice"]
    choices: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=dict)


@dataclass(frozen=True)
class List:
    """Items of one shape, or ``fixed`` ones in order. ``lone``: a single text will do."""

    item: "Shape"
    lone: bool = False
    fixed: "tuple[Shape, ...]" = ()
    bounds: Bounds = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Keys that are data, not names of fields, and values of one shape."""

    value: "Shape"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """A model. ``lone`` names the field that a single text stands for, if one may."""

    model: type[BaseModel]
    lone: str | None = None

    @property
    def fields(self) -> "Mapping[str, Shape]":
        """The shape of each field by its English name."""
        return _fields(self.model)

    def field(self, key: str) -> str | None:
        """The English name of the field that ``key`` means; None if this model has no such field."""
        for name in (key, ENGLISH.get(key), SYNONYMS.get(key)):
            if name in self.fields:
                return name
        return None

    def required(self, name: str) -> bool:
        """Whether the field must be written."""
        return self.model.model_fields[name].is_required()


@dataclass(frozen=True)
class Choice:
    """Records of which one is meant; a union's position in error paths is followed by the tag of the record."""

    options: tuple[Record, ...]

    def chosen(self, keys: Mapping[str, Any]) -> Record:
        """The record whose required fields ``keys`` has; the first one when none fits."""
        for option in self.options:
            if all(name in keys for name in option.fields if option.required(name)):
                return option
        fitting = (
            option for option in self.options if any(option.required(key) for key in keys if key in option.fields)
        )
        return next(fitting, self.options[0])


Shape = Scalar | List | Table | Record | Choice


def shape_of(model: type[BaseModel], lone: str | None = None) -> Record:
    """The shape of a whole item; ``lone``: the field that a plain text in its place stands for."""
    return Record(model, lone)


@cache
def _fields(model: type[BaseModel]) -> Mapping[str, Shape]:
    return {name: _shape(info.annotation, tuple(info.metadata)) for name, info in model.model_fields.items()}


def _shape(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(args[0], (*args[1:], *metadata))
    if origin in (Union, UnionType):
        inner = [arg for arg in args if arg is not NoneType]
        if len(inner) == 1:
            return _shape(inner[0], metadata)
        options = tuple(shape for arg in inner if isinstance(shape := _shape(arg, ()), Record))
        return Choice(options)
    if origin is tuple:
        return _list(args, metadata)
    if origin is dict:
        keys = _shape(args[0], ())
        return Table(_shape(args[1], ()), keys.choices if isinstance(keys, Scalar) else ())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Record(annotation, _stands_for(metadata))
    return _scalar(annotation, metadata)


def _list(args: tuple[Any, ...], metadata: tuple[Any, ...]) -> List:
    fixed = () if args[-1] is Ellipsis else tuple(_shape(arg, ()) for arg in args)
    lone = any(isinstance(_probe(validator), list) for validator in metadata)
    return List(_shape(args[0], ()), lone, fixed, _bounds(metadata))


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> Scalar:
    if get_origin(annotation) is Literal:
        return Scalar("choice", tuple(map(str, get_args(annotation))))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Scalar("choice", tuple(str(member.value) for member in annotation))
    if MONTH in metadata:
        return Scalar("month")
    kinds: dict[Any, Any] = {bool: "flag", date: "day", int: "whole", float: "number"}
    return Scalar(kinds.get(annotation, "text"), (), _bounds(metadata))


def _stands_for(metadata: tuple[Any, ...]) -> str | None:
    """The field of a record that a validator puts a lone text into."""
    for validator in metadata:
        made = _probe(validator)
        if isinstance(made, dict):
            return str(next(iter(made)))
    return None


def _probe(validator: Any) -> object:
    """What a validator that runs first makes of a text: a list, a mapping, or nothing of interest."""
    if not isinstance(validator, BeforeValidator):
        return None
    turn: Callable[[object], object] = validator.func  # type: ignore[assignment]  # those that take info are not used
    try:
        return turn("甲")
    except (PydanticCustomError, ValueError):
        return None


def _bounds(metadata: tuple[Any, ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in metadata:
        if isinstance(one, FieldInfo):
            found |= _bounds(tuple(one.metadata))
        for kind, name in (
            (Ge, "ge"),
            (Gt, "gt"),
            (Le, "le"),
            (Lt, "lt"),
            (MinLen, "min_length"),
            (MaxLen, "max_length"),
        ):
            if isinstance(one, kind):
                limit: Any = getattr(one, name)
                found[name.removesuffix("_length")] = limit
    return found


def typed_name(name: str) -> str:
    """The key that people type for a field: Chinese where there is one."""
    return CHINESE.get(name, name)
