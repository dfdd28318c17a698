from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Register of communities")

    def ready(self) -> None:
        from audit.enums import name_actions, name_fact
        from communities.admin.home import register_panel
        from communities.enums import MembershipState
        from core.admin_site import register_home_panel

        register_home_panel(register_panel, order=60)
        name_actions(
            {
                "register.load": _("List loaded"),
                "region.load": _("Regions loaded"),
                "programme.load": _("Programme loaded"),
                "authority.load": _("Authority loaded"),
                "community.create": _("Community entered"),
                "community.change": _("Community changed"),
                "community.rename": _("Community renamed"),
                "community.confirm_name": _("Name confirmed"),
                "community.add_name": _("Name added"),
                "community.remove_name": _("Name removed"),
                "community.merge": _("Community merged"),
                "contact.set": _("Contact changed"),
                "contact.reveal": _("Contacts looked at"),
                "entry.add": _("Entered in a register"),
                "entry.change": _("Register entry changed"),
                "entry.end": _("End of the designation recorded"),
                "designation.record": _("Date of designation recorded"),
                "membership.add": _("Member added"),
                "membership.approve": _("Member approved"),
                "membership.end": _("Membership ended"),
                "post.appoint": _("Post at an authority given"),
                "post.end": _("Post at an authority ended"),
                "grant.give": _("Access given"),
                "grant.end": _("Access ended"),
                "authority.create": _("Authority entered"),
                "authority.change": _("Authority changed"),
                "programme.change": _("Programme changed"),
            }
        )
        name_fact("state", _("state"), dict(MembershipState.choices))
        name_fact(
            "origin", _("came by"), {"invitation": _("invitation code"), "staff": _("entered by staff")}
        )
        name_fact("user", _("account"))
