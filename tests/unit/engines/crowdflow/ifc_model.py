"""A small building model as IFC text, written line by line: two storeys in millimetres."""

HEAD = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');
FILE_NAME('hall.ifc','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
"""


class Model:
    """``scale``: units of the file to a metre."""

    def __init__(self, scale=1000.0, prefix=".MILLI."):
        self.scale, self.lines, self.guids = scale, [], 0
        self.origin = self.add("IFCCARTESIANPOINT((0.,0.,0.))")
        axes = self.add(f"IFCAXIS2PLACEMENT3D({self.origin},$,$)")
        self.up = self.add("IFCDIRECTION((0.,0.,1.))")
        unit = self.add(f"IFCSIUNIT(*,.LENGTHUNIT.,{prefix},.METRE.)")
        units = self.add(f"IFCUNITASSIGNMENT(({unit}))")
        self.context = self.add(f"IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,{axes},$)")
        self.project = self.add(f"IFCPROJECT({self.guid()},$,'P',$,$,$,$,({self.context}),{units})")
        self.storeys = []

    def add(self, words):
        self.lines.append(words)
        return f"#{len(self.lines)}"

    def guid(self):
        self.guids += 1
        return f"'{self.guids:022d}'"

    def number(self, metres):
        return f"{float(metres * self.scale):.6f}"

    def place(self, x, y, z, on="$"):
        return self.add(f"IFCLOCALPLACEMENT({on},{self.place_axes(x, y, z)})")

    def storey(self, name, height):
        made = self.add(
            f"IFCBUILDINGSTOREY({self.guid()},$,'{name}',$,$,{self.place(0, 0, height)},$,$,"
            f".ELEMENT.,{self.number(height)})"
        )
        self.storeys.append(made)
        return made, height

    def box(self, x0, y0, x1, y1, thick):
        corner = self.add(f"IFCCARTESIANPOINT(({self.number((x1 - x0) / 2)},"
                          f"{self.number((y1 - y0) / 2)}))")  # fmt: skip
        at = self.add(f"IFCAXIS2PLACEMENT2D({corner},$)")
        profile = self.add(f"IFCRECTANGLEPROFILEDEF(.AREA.,$,{at},{self.number(x1 - x0)},"
                           f"{self.number(y1 - y0)})")  # fmt: skip
        axes = self.add(f"IFCAXIS2PLACEMENT3D({self.origin},$,$)")
        solid = self.add(f"IFCEXTRUDEDAREASOLID({profile},{axes},{self.up},{self.number(thick)})")
        shape = self.add(f"IFCSHAPEREPRESENTATION({self.context},'Body','SweptSolid',({solid}))")
        return self.add(f"IFCPRODUCTDEFINITIONSHAPE($,$,({shape}))")

    def flight(self, storey, name, x, y, wide, rise, steps=20, tread=0.28):
        """Steps from left to right, each a block as high as it is."""
        solids = []
        for k in range(steps):
            at = self.place_axes(k * tread, 0, 0)
            corner = self.add(f"IFCCARTESIANPOINT(({self.number(tread / 2)},"
                              f"{self.number(wide / 2)}))")  # fmt: skip
            flat = self.add(f"IFCAXIS2PLACEMENT2D({corner},$)")
            profile = self.add(f"IFCRECTANGLEPROFILEDEF(.AREA.,$,{flat},{self.number(tread)},"
                               f"{self.number(wide)})")  # fmt: skip
            height = self.number(rise * (k + 1) / steps)
            solids.append(self.add(f"IFCEXTRUDEDAREASOLID({profile},{at},{self.up},{height})"))
        shape = self.add(f"IFCSHAPEREPRESENTATION({self.context},'Body','SweptSolid',"
                         f"({','.join(solids)}))")  # fmt: skip
        body = self.add(f"IFCPRODUCTDEFINITIONSHAPE($,$,({shape}))")
        at = self.place(x, y, storey[1])
        made = self.add(f"IFCSTAIRFLIGHT({self.guid()},$,'{name}',$,$,{at},{body},$,$,$,$,$,$)")
        self.add(f"IFCRELCONTAINEDINSPATIALSTRUCTURE({self.guid()},$,$,$,({made}),{storey[0]})")

    def place_axes(self, x, y, z):
        at = ",".join(map(self.number, (x, y, z)))
        point = self.add(f"IFCCARTESIANPOINT(({at}))")
        return self.add(f"IFCAXIS2PLACEMENT3D({point},$,$)")

    def element(self, kind, storey, name, box, z=0.0, thick=3.0, more="$"):
        """``box``: x0, y0, x1, y1 in metres; ``more``: what its kind has beside the usual."""
        at = self.place(box[0], box[1], storey[1] + z)
        body = self.box(*box, thick)
        made = self.add(f"{kind}({self.guid()},$,'{name}',$,$,{at},{body},$,{more})")
        if kind == "IFCSPACE":
            self.add(f"IFCRELAGGREGATES({self.guid()},$,$,$,{storey[0]},({made}))")
        elif kind != "IFCOPENINGELEMENT":
            self.add(f"IFCRELCONTAINEDINSPATIALSTRUCTURE({self.guid()},$,$,$,({made}),{storey[0]})")
        return made

    def wall(self, storey, name, *box):
        return self.element("IFCWALL", storey, name, box)

    def door(self, storey, name, wall, *box, width=None):
        """In an opening of its wall; a door without a body of its own."""
        hole = self.opening(storey, wall, *box)
        said = self.number(width or max(box[2] - box[0], box[3] - box[1]))
        made = self.add(f"IFCDOOR({self.guid()},$,'{name}',$,$,$,$,$,{self.number(2.1)},{said},"
                        f"$,$,$)")  # fmt: skip
        self.add(f"IFCRELFILLSELEMENT({self.guid()},$,$,$,{hole},{made})")
        self.add(f"IFCRELCONTAINEDINSPATIALSTRUCTURE({self.guid()},$,$,$,({made}),{storey[0]})")

    def opening(self, storey, wall, *box, z=0.0, thick=2.1):
        hole = self.element("IFCOPENINGELEMENT", storey, "hole", box, z=z, thick=thick)
        self.add(f"IFCRELVOIDSELEMENT({self.guid()},$,$,$,{wall},{hole})")
        return hole

    def text(self):
        if self.storeys:
            inside = ",".join(self.storeys)
            self.add(f"IFCRELAGGREGATES({self.guid()},$,$,$,{self.project},({inside}))")
        rows = "".join(f"#{k}={words};\n" for k, words in enumerate(self.lines, 1))
        return f"{HEAD}{rows}ENDSEC;\nEND-ISO-10303-21;\n".encode()


def walls(model, storey, wide, deep, thick=0.2):
    """Four walls around a hall, on its inner sides 0 to ``wide`` and 0 to ``deep``."""
    t = thick
    return {
        "south": model.wall(storey, "south", -t, -t, wide + t, 0),
        "north": model.wall(storey, "north", -t, deep, wide + t, deep + t),
        "west": model.wall(storey, "west", -t, 0, 0, deep),
        "east": model.wall(storey, "east", wide, 0, wide + t, deep),
    }  # fmt: skip


def hall(rooms=False, slab=True, storeys=1, **unit):
    """A hall of 20 by 12 m, parted at x = 12 by a wall with a door and a passage; two ways out."""
    model = Model(**unit)
    for number in range(storeys):
        storey = model.storey(f"Level {number}", 3.5 * number)
        around = walls(model, storey, 20, 12)
        parting = model.wall(storey, "parting", 12, 0, 12.2, 12)
        model.door(storey, "Front", around["west"], -0.2, 4, 0, 6)
        model.door(storey, "Side", around["south"], 15, -0.2, 16.2, 0, width=1.0)
        model.door(storey, "Inner", parting, 12, 2, 12.2, 3)
        model.opening(storey, parting, 12, 8, 12.2, 10)
        model.opening(storey, around["north"], 5, 12, 7, 12.2, z=1.0, thick=1.2)
        if slab:
            model.element("IFCSLAB", storey, "Slab", (-0.2, -0.2, 23, 12.2), -0.2, 0.2)
        if rooms:
            model.element("IFCSPACE", storey, "Hall", (0, 0, 12, 12), more="$,$,$")
            model.element("IFCSPACE", storey, "Bar", (12.2, 0, 20, 12), more="$,$,$")
    return model
