"""Makes qti12-sampler.zip and qti21-sampler.zip, run beside an installed qti-package-maker; see README.md."""

from qti_package_maker.package_interface import QTIPackageInterface  # type: ignore[import-not-found]

package = QTIPackageInterface("sampler", allow_mixed=True)
package.add_item("MC", ("Which planet is <b>nearest</b> to the Sun?", ["Venus", "Mercury", "Mars"], "Mercury"))
package.add_item("MA", ("Which are prime?", ["2", "4", "7", "9"], ["2", "7"]))
capitals = ["Paris", "Rome", "Madrid", "Lisbon"]
package.add_item("MATCH", ("Match each country to its capital.", ["France", "Italy", "Spain"], capitals))
package.add_item("NUM", ("How much is a quarter of ten?", 2.5, 0.1, True))
package.add_item("FIB", ("The chemical sign of iron is", ["Fe", "fe"]))
package.add_item("MULTI_FIB", ("Water is made of [h] and [o].", {"h": ["hydrogen"], "o": ["oxygen", "Oxygen"]}))
package.save_package("canvas_qti_v1_2")
package.add_item("ORDER", ("Put these numbers in order.", ["one", "two", "three"]))
package.save_package("blackboard_qti_v2_1")
